"""The generated interface is what the headers and the loaded library say."""
import ctypes
import os
import subprocess
import sys
import unittest

from hedon import _api, _library

HERE = os.path.dirname(os.path.abspath(__file__))
GENERATE = os.path.join(os.path.dirname(HERE), "generate.py")


class Api(unittest.TestCase):
    def test_committed_file_is_what_the_headers_say(self):
        ran = subprocess.run([sys.executable, GENERATE, "--check"], capture_output=True, text=True)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def test_library_knows_every_struct(self):
        self.assertGreater(len(_api.STRUCTS), 20)
        for name, struct in _api.STRUCTS.items():
            self.assertEqual(_library.lib.hd_struct_size(name.encode()), ctypes.sizeof(struct), name)
        self.assertEqual(_library.lib.hd_struct_size(b"hd_nothing"), 0)

    def test_a_library_of_another_layout_is_refused_with_both_versions(self):
        class Other:
            def hd_version(self):
                return b"9.8.7"

            def hd_struct_size(self, name):
                return 8 if name == b"hd_view" else _library.lib.hd_struct_size(name)

        with self.assertRaisesRegex(ImportError, f"libhedon {_api.HD_VERSION_STRING}.*9\\.8\\.7.*hd_view"):
            _library.check(Other(), "other.so")

    def test_names_come_when_they_are_asked_for(self):
        code = ("import sys, hedon; early = [m for m in sys.modules if m.startswith('hedon.')]; "
                "missing = [n for n in hedon.__all__ if not hasattr(hedon, n) or n not in dir(hedon)]; "
                "print(sorted(early), missing, hasattr(hedon, 'nonsense'))")
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        self.assertEqual(ran.stdout, "['hedon._api', 'hedon._library'] [] False\n", ran.stderr)
        space: dict = {}
        exec("from hedon import *", space)
        self.assertIn("train", space)

    def test_import_needs_no_numpy_and_tells_what_is_missing(self):
        code = "import sys; import hedon; sys.exit('numpy' in sys.modules or 'gymnasium' in sys.modules)"
        self.assertEqual(subprocess.run([sys.executable, "-c", code]).returncode, 0)
        ran = subprocess.run([sys.executable, "-c", "import hedon"], capture_output=True, text=True,
                             env={**os.environ, "HEDON_LIBRARY": os.path.join(HERE, "nothing.so")})
        self.assertIn("nothing.so cannot be loaded", ran.stderr)


if __name__ == "__main__":
    unittest.main()
