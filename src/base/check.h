/* HD_ASSERT states an internal fact. It is on unless HD_NO_ASSERT is defined, and its condition
 * has no side effects. A user's input is never asserted: it is answered with a status. */
#ifndef HD_CHECK_H
#define HD_CHECK_H

#ifdef HD_NO_ASSERT
#define HD_ASSERT(condition) ((void)0)
#else
#define HD_ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())
#endif

/* The constant n, which does not compile where it exceeds the constant `most`: for members of
 * tables whose arrays have room for so many. */
#define HD_AT_MOST(n, most) ((n) + 0 * sizeof(char[(n) <= (most) ? 1 : -1]))

#endif
