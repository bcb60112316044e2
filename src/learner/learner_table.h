/* Every kind of learner. A new one is a file that defines hd__learner_NAME, and one line here. */
HD_LEARNER(online)
HD_LEARNER(rollout)
HD_LEARNER(search)
HD_LEARNER(team)
HD_LEARNER(gradient)
HD_LEARNER(gated)
