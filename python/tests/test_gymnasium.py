"""Hedon's environments as Gymnasium's."""
import threading
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

    def run_to_ends(self, mode, between=lambda envs, ended: None):
        """Steps of three cart-poles: (observations, ended, infos) of each."""
        envs = gymnasium.make_vec("hedon/CartPole-v1", num_envs=3, autoreset_mode=mode)
        self.assertEqual(envs.metadata["autoreset_mode"], gymnasium.vector.AutoresetMode(mode))
        first, _ = envs.reset(seed=1)
        self.assertTrue(envs.observation_space.contains(first))
        kept, found = first.copy(), []
        for _ in range(60):
            obs, reward, terminated, truncated, infos = envs.step(numpy.array([1, 1, 0]))
            self.assertFalse(truncated.any())
            found.append((obs, terminated, infos, reward))
            between(envs, terminated)
        self.assertTrue((first == kept).all())
        self.assertGreater(sum(int(step[1].sum()) for step in found), 3)
        return found

    def test_vectors_start_anew_in_the_next_step(self):
        steps = self.run_to_ends("NextStep")
        for (obs, ended, infos, _), (new, still, _, reward) in zip(steps, steps[1:]):
            self.assertEqual(infos, {})
            for b in numpy.flatnonzero(ended):
                self.assertGreater(abs(obs[b][2]), 0.2)  # it fell
                self.assertLess(abs(new[b]).max(), 0.06)  # and stands again
                self.assertEqual((reward[b], still[b]), (0, False))

    def test_vectors_start_anew_in_the_same_step(self):
        for obs, ended, infos, reward in self.run_to_ends("SameStep"):
            self.assertEqual(list(reward), [1, 1, 1])
            for b in numpy.flatnonzero(ended):
                self.assertGreater(abs(infos["final_obs"][b][2]), 0.2)
                self.assertLess(abs(obs[b]).max(), 0.06)

    def test_vectors_start_anew_when_told(self):
        def restart(envs, ended):
            if ended.any():
                before = envs._copies.shown()
                obs, _ = envs.reset(options={"reset_mask": ended})
                self.assertLess(abs(obs[ended]).max(), 0.06)
                self.assertTrue((obs[~ended] == before[~ended]).all())

        for obs, ended, infos, _ in self.run_to_ends("Disabled", restart):
            self.assertTrue((abs(obs[ended][:, 2]) > 0.2).all())
            self.assertEqual(infos, {})

    def test_seeds_of_some(self):
        envs = gymnasium.make_vec("hedon/CartPole-v1", num_envs=3, rng="gymnasium")
        obs, _ = envs.reset(seed=[5, None, 7])
        alone, _ = gymnasium.make("CartPole-v1").reset(seed=7)
        numpy.testing.assert_allclose(obs[2], alone, atol=1e-6)
        some, _ = envs.reset(seed=[9, 7, 9], options={"reset_mask": numpy.array([False, True, False])})
        numpy.testing.assert_array_equal(some, [obs[0], obs[2], obs[2]])
        for wrong in ({"seed": [1]}, {"options": {"reset_mask": [1, 0, 0]}},
                      {"options": {"reset_mask": numpy.array([True])}}):
            with self.assertRaises(hedon.RangeError):
                envs.reset(**wrong)

    def test_limits_truncate(self):
        envs = gymnasium.make_vec("hedon/Pendulum-v1", num_envs=2, autoreset_mode="SameStep")
        envs.reset(seed=1)
        for i in range(200):
            *_, terminated, truncated, infos = envs.step(numpy.zeros((2, 1)))
            self.assertEqual(bool(truncated.all()), i == 199)
        self.assertFalse(terminated.any())
        self.assertTrue(infos["_final_obs"].all())

    def test_threads_share_a_vector(self):
        envs = gymnasium.make_vec("hedon/CartPole-v1", num_envs=64)
        envs.reset(seed=0)
        threads = [threading.Thread(target=lambda: [envs.step(numpy.zeros(64, int)) for _ in range(200)])
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertTrue(numpy.isfinite(envs.step(numpy.zeros(64, int))[0]).all())

    def test_wrong_actions_are_refused(self):
        envs = gymnasium.make_vec("hedon/CartPole-v1", num_envs=2)
        with self.assertRaises(gymnasium.error.ResetNeeded):
            envs.step([0, 0])
        envs.reset(seed=0)
        for wrong in ([0], [0, 2], [-1, 0], [0.5, 0], [float("nan")] * 2, ["left", "right"], [None, 0],
                      numpy.array([0, 1j]), numpy.array([0, 9])):
            with self.assertRaises(hedon.RangeError):
                envs.step(wrong)
        env = gymnasium.make("hedon/Pendulum-v1").unwrapped
        env.reset(seed=0)
        with self.assertRaises(hedon.RangeError):
            env.step(numpy.array([float("nan")], numpy.float32))


if __name__ == "__main__":
    unittest.main()
