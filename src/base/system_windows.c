#include "system.h"

#ifdef _WIN32

#include <errno.h>
#include <stdint.h>
#include <windows.h>

ssize_t hd__windows_read_at(int fd, void *data, size_t size, off_t offset) {
  const uint64_t at = (uint64_t)offset;
  OVERLAPPED place = {.Offset = (DWORD)at, .OffsetHigh = (DWORD)(at >> 32)};
  DWORD n = 0;
  const DWORD wanted = size < 1 << 30 ? (DWORD)size : 1 << 30;
  if (!ReadFile((HANDLE)_get_osfhandle(fd), data, wanted, &n, &place) &&
      GetLastError() != ERROR_HANDLE_EOF) {
    errno = EIO;
    return -1;
  }
  return (ssize_t)n;
}

int hd__windows_rename(const char *from, const char *to) {
  if (MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) {
    return 0;
  }
  errno = EACCES;
  return -1;
}

/* A locked byte cannot be read by others, so the one that is locked lies behind any file's end. */
int hd__windows_lock(int fd) {
  OVERLAPPED place = {.OffsetHigh = 1 << 30};
  return LockFileEx((HANDLE)_get_osfhandle(fd), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY,
                    0, 1, 0, &place)
             ? 0
             : -1;
}

void *hd__windows_library(const char *path) { return (void *)LoadLibraryA(path); }

void *hd__windows_symbol(void *library, const char *name) {
  return (void *)(uintptr_t)GetProcAddress(library, name);
}

void hd__windows_unload(void *library) { FreeLibrary(library); }

#endif
