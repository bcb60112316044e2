/* The whole test framework: a test is a function that checks; a program runs a list of them.
 *
 *   static void lif_under_constant_current(void) { CHECK_NEAR(v, 1.0, 1e-6); }
 *   int main(void) { RUN(lif_under_constant_current); return test_end(); }
 */
#ifndef HD_TEST_H
#define HD_TEST_H

#include <math.h>
#include <stdio.h>
#include <string.h>

static int test_failures, test_count;

/* Under the address sanitizer a test takes ten times as long: one whose length is a choice
 * divides it by this. */
#ifdef __SANITIZE_ADDRESS__
enum { TEST_SLOWED = 2 };
#else
enum { TEST_SLOWED = 1 };
#endif

#define CHECK(condition)                                                           \
  do {                                                                             \
    if (!(condition)) {                                                            \
      printf("  %s:%d: failed: %s\n", __FILE__, __LINE__, #condition);             \
      test_failures++;                                                             \
    }                                                                              \
  } while (0)

#define CHECK_NEAR(got, want, tolerance)                                           \
  do {                                                                             \
    const double got_ = (got), want_ = (want);                                     \
    if (!(fabs(got_ - want_) <= (tolerance))) {                                    \
      printf("  %s:%d: %s = %.17g, expected %.17g +- %g\n", __FILE__, __LINE__,    \
             #got, got_, want_, (double)(tolerance));                              \
      test_failures++;                                                             \
    }                                                                              \
  } while (0)

#define CHECK_TEXT(got, want)                                                      \
  do {                                                                             \
    const char *got_ = (got), *want_ = (want);                                     \
    if (strcmp(got_, want_) != 0) {                                                \
      printf("  %s:%d: got \"%s\", expected \"%s\"\n", __FILE__, __LINE__, got_, want_); \
      test_failures++;                                                             \
    }                                                                              \
  } while (0)

#define RUN(test)                                                                  \
  do {                                                                             \
    const int before_ = test_failures;                                             \
    test();                                                                        \
    test_count++;                                                                  \
    printf("%s %s\n", test_failures == before_ ? "ok  " : "FAIL", #test);          \
  } while (0)

static inline int test_end(void) {
  printf("%d tests, %d checks failed\n", test_count, test_failures);
  return test_failures != 0;
}

#endif
