"""Ctrl-C is heard in tests of a job in the background, too, to which a shell gives a SIGINT that is ignored."""
import signal


def setUpModule():
    signal.signal(signal.SIGINT, signal.default_int_handler)
