/* One line per method: HD_SEARCH(identifier), a descriptor defined in the method's own file. Read
 * more than once, so no include guard. */
HD_SEARCH(random_walk)
HD_SEARCH(win_stay)
HD_SEARCH(alopex)
HD_SEARCH(synapse_agent)
HD_SEARCH(one_plus_one)
HD_SEARCH(metropolis)
HD_SEARCH(spsa)
HD_SEARCH(nes)
HD_SEARCH(evolving_connectivity)
HD_SEARCH(ec_trust)
