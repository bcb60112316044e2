/* Between two steps nothing is allocated and the system is not asked for anything: every method
 * learns and is evaluated in a process that the kernel kills at its first system call. */
#define _GNU_SOURCE /* syscall */
#include "test.h"

enum { SKIPPED = 77, STEPS = 600 };

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER
#endif

#if !defined(__linux__) || defined(HAS_SANITIZER)
int main(void) {
  puts("SKIPPED: only Linux can forbid system calls, and sanitizers make calls of their own");
  return SKIPPED;
}
#else

#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault.h"
#include "hedon/hedon.h"
#include "session_internal.h"
#include "train/learners.h"

/* How a child ends. It leaves by the one call that remains to it besides read and write; the C
 * library's _exit makes another. */
enum { FINE, CANNOT_BEGIN, WENT_WRONG, ALLOCATED };

static void leave(int code) { syscall(SYS_exit, code); }

static hd_status work(hd_session *session) {
  double mean;
  HD_TRY(hd__session_learn(session, STEPS));
  HD_TRY(hd_session_evaluate(session, 3, 0, NULL, &mean));
  return hd__session_learn(session, STEPS);
}

static void be_quiet(const char *task, const char *method) {
  struct fault fault = {0};
  hd_ctx *ctx = NULL;
  hd_session *session = NULL;
  if (fault_ctx(&fault, &ctx) != HD_OK ||
      try_session(ctx, task, method, quick(method), 3, &session) != HD_OK ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) {
    leave(CANNOT_BEGIN);
  }
  const int before = fault.n;
  const hd_status status = work(session);
  leave(status != HD_OK ? WENT_WRONG : fault.n != before ? ALLOCATED : FINE);
}

/* What became of a child that did that. */
static int end_of(void (*what)(const char *task, const char *method), const char *task,
                  const char *method, bool *is_killed) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    what(task, method);
  }
  int state = 0;
  CHECK(child > 0 && waitpid(child, &state, 0) == child);
  *is_killed = WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL;
  return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

static void every_method_learns_and_plays_in_silence(void) {
  for (int i = 0; i < hd_method_count(); i++) {
    for (int k = 0; k < 2; k++) {
      const char *method = hd_method_at(i)->name, *task = task_for(method, k);
      bool is_killed;
      const int code = end_of(be_quiet, task, method, &is_killed);
      CHECK(!is_killed);
      CHECK(code == FINE);
      if (code != FINE) {
        printf("  %s on %s: %s\n", method, task,
               is_killed            ? "a system call"
               : code == ALLOCATED  ? "an allocation"
               : code == WENT_WRONG ? "it failed"
                                    : "it could not begin");
      }
    }
  }
}

/* The guard itself: a call is fatal. */
static void ask_the_system(const char *task, const char *method) {
  (void)task;
  (void)method;
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0) {
    syscall(SYS_getppid);
  }
  leave(FINE);
}

static void a_system_call_would_be_seen(void) {
  bool is_killed;
  end_of(ask_the_system, "", "", &is_killed);
  CHECK(is_killed);
}

int main(void) {
  if (prctl(PR_GET_SECCOMP) < 0) {
    puts("SKIPPED: this kernel cannot forbid system calls");
    return SKIPPED;
  }
  RUN(a_system_call_would_be_seen);
  RUN(every_method_learns_and_plays_in_silence);
  return test_end();
}
#endif
