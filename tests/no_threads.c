/* Linked into every test without the label threads, in the place of pthread_create: a test that
 * starts threads without that label would never run under the thread sanitizer. */
#include <stdio.h>
#include <stdlib.h>

int __wrap_pthread_create(void);

int __wrap_pthread_create(void) {
  fputs("this test starts a thread, so tests/CMakeLists.txt has to label it: see hedon_thread_calls\n",
        stderr);
  exit(1);
}
