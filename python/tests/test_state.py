"""predict and act with what a network carries from one decision to the next."""
import pickle
import unittest
import warnings

import hedon

try:
    import numpy
except ImportError:
    numpy = None

SMALL = {"hidden": 6}
SHOWN = [[0.1 * ((3 * e + 5 * t + 7 * i) % 11) for i in range(3)] for e in range(2) for t in range(6)]
EPISODES = [SHOWN[:6], SHOWN[6:]]


def play(agent, episode):
    """The actions of an episode, as a program in the manner of Stable-Baselines3 takes them, and the last
    state."""
    actions, state, begins = [], None, True
    for shown in episode:
        action, state = agent.predict(shown, state, begins)
        actions.append(action)
        begins = False
    return actions, state


class Carried(unittest.TestCase):
    def setUp(self):
        self.agent = hedon.Agent("DelayedCue-v0", "e-prop", settings=SMALL).learn(300)

    def test_an_episode_is_the_librarys(self):
        session = self.agent.session
        actions, state = play(self.agent, EPISODES[0])
        self.assertEqual(actions, [session.decide(shown, step) for step, shown in enumerate(EPISODES[0])])
        self.assertEqual(state.steps, (6,))
        self.assertEqual(len(state.data), 4 * session.state_size)

    def test_episodes_in_turn(self):
        """Two programs ask one agent, which keeps nothing between them."""
        alone = [play(self.agent, episode) for episode in EPISODES]
        states, actions = [None, None], [[], []]
        for t in range(6):
            self.agent.evaluate(1)
            for e in range(2):
                action, states[e] = self.agent.predict(EPISODES[e][t], pickle.loads(pickle.dumps(states[e])), t == 0)
                actions[e].append(action)
        self.assertEqual([(a, s) for a, s in zip(actions, states)], alone)

    def test_environments_side_by_side(self):
        state = None
        for t in range(6):
            rows = [episode[t] for episode in EPISODES]
            actions, state = self.agent.predict(rows, state, [t in (0, 3), t == 0])
            self.assertEqual(len(actions), 2)
        self.assertEqual(state.steps, (3, 6))
        size = len(state.data) // 2
        self.assertEqual(state.data[:size], play(self.agent, EPISODES[0][3:])[1].data)
        self.assertEqual(state.data[size:], play(self.agent, EPISODES[1])[1].data)

    def test_who_forgets_is_told_once(self):
        shown = EPISODES[0][0]
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            play(self.agent, EPISODES[0])
            self.agent.predict(shown)
            self.assertEqual(told, [])
            for _ in range(3):
                self.agent.predict(shown)
        self.assertEqual(len(told), 1)
        self.assertRegex(str(told[0].message), "e-prop carries state .* agent.predict")
        self.assertIs(told[0].category, hedon.Warned)

    def test_wrong_states(self):
        state = play(self.agent, EPISODES[0])[1]
        other = hedon.Agent("DelayedCue-v0", "e-prop", settings={"hidden": 5})
        with self.assertRaisesRegex(hedon.RangeError, "this learner carries"):
            other.predict(EPISODES[0][0], state)
        with self.assertRaisesRegex(hedon.RangeError, "a state of 1 episodes"):
            self.agent.predict([row[0] for row in EPISODES], state)
        with self.assertRaisesRegex(hedon.UsageError, "no state"):
            self.agent.predict(EPISODES[0][0], (1, 2))
        with self.assertRaisesRegex(hedon.RangeError, "episode_start has 3 flags; allowed: 1"):
            self.agent.predict(EPISODES[0][0], state, [True, False, True])

    def test_exploring(self):
        _, state = self.agent.predict(EPISODES[0][0], None, True, deterministic=False)
        self.assertEqual(state.steps, (1,))

    def test_what_carries_nothing_returns_none(self):
        agent = hedon.Agent("CartPole-v1", settings=SMALL)
        self.assertIsNone(agent.predict([0, 0, 0, 0], None, True)[1])
        self.assertEqual(agent.session.state_size, 0)


@unittest.skipIf(numpy is None, "needs NumPy")
class Many(unittest.TestCase):
    def test_observations_of_several_environments(self):
        """Arrays with one row for each environment, as a vector of Gymnasium gives them."""
        class Box:
            low, high, shape = numpy.zeros((2, 2)), numpy.ones((2, 2)), (2, 2)

        class Discrete:
            n, start = 3, 5

        class Env:
            observation_space, action_space = Box(), Discrete()

            def reset(self, seed=None, options=None):
                return numpy.zeros((2, 2), numpy.float32), {}

            def step(self, action):
                return numpy.zeros((2, 2), numpy.float32), 0.0, True, False, {}

            def close(self):
                pass

        agent = hedon.Agent(hedon.Task(Env, max_steps=5), settings=SMALL)
        one, _ = agent.predict(numpy.zeros((2, 2)))
        self.assertIn(one, (5, 6, 7))
        many, _ = agent.predict(numpy.zeros((4, 2, 2)))
        self.assertEqual(many.shape, (4,))
        self.assertTrue(set(many.tolist()) <= {5, 6, 7})


if __name__ == "__main__":
    unittest.main()
