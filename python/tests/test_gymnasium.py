"""Hedon's environments as Gymnasium's."""
import unittest
import warnings

import hedon

try:
    import gymnasium
    import numpy
    from gymnasium.utils.env_checker import check_env
except ImportError:
    gymnasium = None
else:
    import hedon.gymnasium


@unittest.skipIf(gymnasium is None, "gymnasium is not installed")
class Environments(unittest.TestCase):
    def test_the_checker_of_gymnasium_passes(self):
        for name in ("CartPole-v1", "Pendulum-v1", "FrozenLake-v1", "Blackjack-v1"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of a Box without bounds
                check_env(gymnasium.make("hedon/" + name).unwrapped, skip_render_check=True)

    def test_a_seed_gives_gymnasiums_episodes(self):
        ours = gymnasium.make("hedon/CartPole-v1", rng="gymnasium")
        theirs = gymnasium.make("CartPole-v1")
        a, b = ours.reset(seed=5)[0], theirs.reset(seed=5)[0]
        for i in range(200):
            numpy.testing.assert_allclose(a, b, atol=1e-5)
            a, *ours_said, _ = ours.step(i % 2)
            b, *theirs_said, _ = theirs.step(i % 2)
            self.assertEqual(ours_said, theirs_said)
            if ours_said[1] or ours_said[2]:
                a, b = ours.reset()[0], theirs.reset()[0]

    def test_vectors_start_anew_in_the_same_step(self):
        envs = gymnasium.make_vec("hedon/CartPole-v1", num_envs=3)
        first, _ = envs.reset(seed=1)
        self.assertTrue(envs.observation_space.contains(first))
        kept, ended = first.copy(), 0
        for _ in range(60):
            obs, reward, terminated, truncated, infos = envs.step([1, 1, 0])
            self.assertEqual(list(reward), [1, 1, 1])
            self.assertFalse(truncated.any())
            for b in numpy.flatnonzero(terminated):
                ended += 1
                self.assertGreater(abs(infos["final_obs"][b][2]), 0.2)  # it fell
                self.assertLess(abs(obs[b]).max(), 0.06)  # and stands again
        self.assertGreater(ended, 3)
        self.assertTrue((first == kept).all())

    def test_limits_truncate(self):
        envs = gymnasium.make_vec("hedon/Pendulum-v1", num_envs=2)
        envs.reset(seed=1)
        for i in range(200):
            *_, terminated, truncated, infos = envs.step(numpy.zeros((2, 1)))
            self.assertEqual(bool(truncated.all()), i == 199)
        self.assertFalse(terminated.any())
        self.assertTrue(infos["_final_obs"].all())

    def test_wrong_actions_are_refused(self):
        envs = gymnasium.make_vec("hedon/CartPole-v1", num_envs=2)
        with self.assertRaises(gymnasium.error.ResetNeeded):
            envs.step([0, 0])
        envs.reset(seed=0)
        for wrong in ([0], [0, 2], [-1, 0], [0.5, 0], [float("nan")] * 2, ["left", "right"]):
            with self.assertRaises(hedon.RangeError):
                envs.step(wrong)
        env = gymnasium.make("hedon/Pendulum-v1").unwrapped
        env.reset(seed=0)
        with self.assertRaises(hedon.RangeError):
            env.step(numpy.array([float("nan")], numpy.float32))


if __name__ == "__main__":
    unittest.main()
