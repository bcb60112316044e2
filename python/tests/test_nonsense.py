"""Environments that return nonsense: an exception or one sentence each, and weights stay as they were."""
import gc
import pickle
import unittest
import warnings

import envs
import hedon

try:
    import numpy
except ImportError:
    numpy = None


class Broken(envs.Follow):
    """Follow, until `how` changes what a step or a reset returns."""

    how = None

    def reset(self, seed=None, options=None):
        made = super().reset(seed)
        return Broken.how[1](made) if Broken.how and Broken.how[0] == "reset" else made

    def step(self, action):
        made = super().step(action)
        return Broken.how[1](made) if Broken.how and Broken.how[0] == "step" else made


def obs(value):
    return lambda made: (value, *made[1:])


def reward(value):
    return lambda made: (made[0], value, *made[2:])


NONSENSE = [
    ("step", lambda made: None),
    ("step", lambda made: made[:3]),
    ("step", lambda made: (*made, 1, 2)),
    ("step", lambda made: 3.0),
    ("step", obs(None)),
    ("step", obs("left")),
    ("step", obs([0.1])),
    ("step", obs([0.1] * 3)),
    ("step", obs([[0.1], [0.1, 0.2]])),
    ("step", obs([None, 0.1])),
    ("step", obs([float("nan"), 0.1])),
    ("step", obs([float("inf"), 0.1])),
    ("step", obs([1e300, 0.1])),
    ("step", obs({"x": 1})),
    ("step", reward(None)),
    ("step", reward("much")),
    ("step", reward([1.0, 2.0])),
    ("step", reward(1j)),
    ("step", reward(float("nan"))),
    ("step", reward(float("-inf"))),
    ("reset", lambda made: None),
    ("reset", lambda made: made[0][:1]),
    ("reset", lambda made: ([0.1], {})),
    ("reset", lambda made: ([float("nan"), 0.1], {})),
    ("reset", lambda made: (None, {})),
]

# An environment's arrays may be of any layout and any real dtype.
SENSE = [] if numpy is None else [
    ("float64", lambda o: numpy.array(o, numpy.float64)),
    ("big-endian", lambda o: numpy.array(o, ">f8")),
    ("not contiguous", lambda o: numpy.array([o, o], numpy.float32).T[:, 0]),
    ("reversed", lambda o: numpy.array(o[::-1], numpy.float32)[::-1]),
    ("read-only", lambda o: numpy.frombuffer(numpy.array(o, numpy.float32).tobytes(), numpy.float32)),
    ("a list", lambda o: list(o)),
    ("a tuple of scalars", lambda o: tuple(numpy.float32(x) for x in o)),
    ("a column", lambda o: numpy.array(o, numpy.float32).reshape(2, 1)),
]


class Nonsense(unittest.TestCase):
    def tearDown(self):
        Broken.how = None

    def make(self, **named):
        return hedon.Session(hedon.Task(Broken, max_steps=10, low=[-1, -3], high=[1, 3]), "neuron-agent", seed=1,
                             **named)

    def test_nonsense_is_an_exception_and_weights_stay(self):
        for i, how in enumerate(NONSENSE):
            Broken.how = None
            session = self.make().train(100)
            Broken.how, before = how, session.hash
            with self.assertRaises((hedon.Error, TypeError, ValueError, IndexError, KeyError), msg=f"row {i}"):
                session.train(500)
            self.assertEqual(session.hash, before, f"row {i}")
            with self.assertRaises((hedon.Error, TypeError, ValueError, IndexError, KeyError), msg=f"row {i}"):
                session.evaluate(3)

    def test_numbers_beyond_single_precision_are_said_to_be(self):
        for far in (1e39, -1e300):
            Broken.how = None
            session = self.make().train(100)
            Broken.how = ("step", obs([far, 0.1]))
            for act in (lambda: session.train(500), lambda: session.decide([far, 0.1])):
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    with self.assertRaises(hedon.Error) as raised:
                        act()
            if numpy is not None:
                self.assertRegex(str(raised.exception), f"{abs(far):g}".replace("+", ".") + ".*single precision")

    def test_nonsense_at_the_first_reset_is_an_exception(self):
        Broken.how = ("reset", lambda made: ([0.1] * 5, {}))
        with self.assertRaises(hedon.RangeError):
            self.make().train(10)

    def test_arrays_of_any_layout_are_read(self):
        expected = self.make().train(300).hash
        for name, convert in SENSE:
            Broken.how = ("step", lambda made: (convert(made[0]), *made[1:]))
            self.assertEqual(self.make().train(300).hash, expected, name)

    def test_an_environment_that_was_closed(self):
        made = []

        class Closes(envs.Walk):
            is_closed = False

            def __init__(self):
                made.append(self)

            def step(self, action):
                if self.is_closed:
                    raise RuntimeError("this environment is closed")
                return super().step(action)

            def close(self):
                self.is_closed = True

        session = hedon.Session(hedon.Task(Closes, max_steps=50)).train(50)
        for env in made:
            env.close()
        with self.assertRaisesRegex(RuntimeError, "closed"):
            session.train(100)
        del session
        gc.collect()
        self.assertTrue(all(env.is_closed for env in made))

    def test_an_environment_that_cannot_be_closed(self):
        class Stuck(envs.Walk):
            def close(self):
                if sum(1 for _ in range(1)):
                    raise RuntimeError("the motor is stuck")

        with self.assertRaisesRegex(RuntimeError, "stuck"):
            hedon.Task(Stuck, max_steps=50)
        Stuck.close = envs.Walk.close
        task = hedon.Task(Stuck, max_steps=50)

        def stuck(self):
            raise RuntimeError("the motor is stuck")

        Stuck.close = stuck
        session = hedon.Session(task).train(100)
        del session
        gc.collect()

    def test_spaces_that_change_are_noticed(self):
        class Changes(envs.Walk):
            def step(self, action):
                self.observation_space = envs.Box([0.0] * 9, [1.0] * 9)
                cell, *rest = super().step(action)
                return ([float(cell)] * 9, *rest)

        with self.assertRaises((hedon.Error, TypeError)):
            hedon.Session(hedon.Task(Changes, max_steps=50)).train(100)

    def test_decisions_on_nonsense(self):
        session = self.make()
        for wrong in ([0.1], [0.1] * 3, [], "ab", None, [None, 0.1], [float("nan"), 0.1], [1e300, 0.1], {}):
            with self.assertRaises((hedon.Error, TypeError, ValueError, IndexError, KeyError), msg=repr(wrong)):
                session.decide(wrong)
        for name, convert in SENSE[:6]:
            self.assertEqual(list(session.decide(convert([0.1, 0.2]), step=1)),
                             list(session.decide([0.1, 0.2], step=1)), name)

    def test_numbers_that_are_none(self):
        """The library's numbers have 64 bits, into which -1 and 2^64 would have been folded in silence."""
        session = self.make()
        for wrong in (-1, 2**64, 1.5, "1", None, True, float("nan")):
            for call in (lambda: hedon.Session("CartPole-v1", seed=wrong), lambda: session.train(wrong),
                         lambda: session.sample([0.1, 0.2], seed=wrong), lambda: session.evaluate(wrong),
                         lambda: session.evaluate(1, round=wrong), lambda: session.evaluate(0)):
                with self.assertRaises(hedon.Error, msg=repr(wrong)):
                    call()
            if wrong is not None:
                with self.assertRaises(hedon.Error, msg=repr(wrong)):
                    session.decide([0.1, 0.2], step=wrong)
        self.assertEqual(hedon.Session("CartPole-v1", seed=2**64 - 1).stats().seed, 2**64 - 1)

    def test_what_is_no_method_and_no_settings(self):
        for wrong in ({"method": 3}, {"method": b"ppo"}, {"settings": [1]}, {"settings": "alpha=1"}):
            with self.assertRaises(hedon.UsageError, msg=repr(wrong)):
                hedon.Session("CartPole-v1", **wrong)

    def test_a_zero_byte_ends_no_name(self):
        session = hedon.Session("CartPole-v1")
        for call in (lambda: hedon.Session("Cart\0Pole"), lambda: hedon.Session("CartPole-v1\0"),
                     lambda: hedon.Session("CartPole-v1", "ppo\0"), lambda: hedon.train("CartPole-v1\0"),
                     lambda: hedon.Session("CartPole-v1", settings={"hidden\0": 3}),
                     lambda: hedon.Session("CartPole-v1", settings={"neuron": "lif\0"}),
                     lambda: session.set("alpha\0", 1), lambda: session.save("a\0b"),
                     lambda: hedon.Session.load("a\0b"), lambda: hedon.train("CartPole-v1", steps=10, out="a\0b"),
                     lambda: hedon.load_plugin("a\0b"), lambda: hedon.explain("CartPole-v1\0"),
                     lambda: hedon.Network([hedon.Population("in\0", 3)]),
                     lambda: hedon.Network([hedon.Population("in", 3, "input")])["in.value\0"],
                     lambda: hedon.Session("\ud800")):
            with self.assertRaises((hedon.UsageError, hedon.UnknownName)) as refused:
                call()
            self.assertRegex(str(refused.exception), "zero byte|UTF-8|view 'in.value")

    def test_numbers_of_numpy_are_settings(self):
        if numpy is None:
            self.skipTest("needs NumPy")
        plain = hedon.Session("CartPole-v1", settings={"hidden": [4, 4], "bias": True, "gamma": 0.5})
        given = hedon.Session("CartPole-v1", settings={"hidden": numpy.array([4, 4]), "bias": numpy.bool_(True),
                                                       "gamma": numpy.float64(0.5)})
        self.assertEqual(given.hash, plain.hash)
        with self.assertRaisesRegex(hedon.UsageError, "total_timesteps = 'x' is no whole number"):
            hedon.Agent("CartPole-v1").learn("x")
        hedon.Agent("CartPole-v1").learn(1e2)

    def test_what_cannot_be_pickled_says_what_to_do(self):
        agent = hedon.Agent("CartPole-v1")
        for what in (agent, agent.session, agent.session.views["actor"], agent.network()):
            with self.assertRaisesRegex(TypeError, "save.. and load.. keep a learner"):
                pickle.dumps(what)
        result = hedon.train("CartPole-v1", steps=200)
        again = pickle.loads(pickle.dumps(result))
        self.assertEqual((again.runs, again.evaluations, again.summary()),
                         (result.runs, result.evaluations, result.summary()))
        with self.assertRaisesRegex(hedon.UsageError, "pickled or copied"):
            again.session()


if __name__ == "__main__":
    unittest.main()
