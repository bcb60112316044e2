#include "file.h"

#include <errno.h>
#include <string.h>
#include <stdio.h>

#include "system.h"

bool hd__file_read_at(int fd, uint64_t offset, void *data, size_t size) {
  unsigned char *p = data;
  while (size > 0) {
    const ssize_t n = pread(fd, p, size, (off_t)offset);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      return false;
    }
    p += n;
    offset += (uint64_t)n;
    size -= (size_t)n;
  }
  return true;
}

static hd_status file_too_large(hd_ctx *ctx, const char *path, size_t limit) {
  return hd__fail(ctx, HD_FORMAT, "%s has more than the %zu bytes that are read", path, limit);
}

/* From a pipe or a terminal, whose size nobody knows before its end: into room of `limit` + 1. */
static hd_status file_read_stream(hd_ctx *ctx, const char *path, int fd, size_t limit, char *room,
                                  size_t *size) {
  *size = 0;
  for (;;) {
    const ssize_t n = read(fd, room + *size, limit + 1 - *size);
    if (n < 0 && errno != EINTR) {
      return hd__fail(ctx, HD_IO, "%s could not be read to its end", path);
    }
    if (n == 0) {
      return HD_OK;
    }
    *size += n > 0 ? (size_t)n : 0;
    if (*size > limit) {
      return file_too_large(ctx, path, limit);
    }
  }
}

static hd_status file_read_pipe(hd_ctx *ctx, const char *path, int fd, size_t limit, char **data,
                                size_t *size) {
  char *room = hd__alloc(ctx, limit + 1);
  if (room == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for %s", path);
  }
  hd_status status = file_read_stream(ctx, path, fd, limit, room, size);
  if (status == HD_OK) {
    *data = hd__alloc(ctx, *size + 1);
    status = *data != NULL ? HD_OK : hd__fail(ctx, HD_NOMEM, "out of memory for %s", path);
  }
  if (status == HD_OK) {
    memcpy(*data, room, *size);
    (*data)[*size] = '\0';
  }
  hd__free(ctx, room, limit + 1);
  return status;
}

static hd_status file_read_open(hd_ctx *ctx, const char *path, int fd, size_t limit, char **data,
                                size_t *size) {
  struct stat info;
  if (fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
    return hd__fail(ctx, HD_IO, "%s is no file", path);
  }
  if (!S_ISREG(info.st_mode)) {
    return file_read_pipe(ctx, path, fd, limit, data, size);
  }
  const size_t n = (size_t)info.st_size;
  if (n > limit) {
    return file_too_large(ctx, path, limit);
  }
  char *text = hd__alloc(ctx, n + 1);
  if (text == NULL) {
    return hd__fail(ctx, HD_NOMEM, "out of memory for the %zu bytes of %s", n, path);
  }
  if (!hd__file_read_at(fd, 0, text, n)) {
    hd__free(ctx, text, n + 1);
    return hd__fail(ctx, HD_IO, "%s could not be read to its end", path);
  }
  text[n] = '\0';
  *data = text;
  *size = n;
  return HD_OK;
}

hd_status hd__path_check(hd_ctx *ctx, const char *path) {
  return path[0] != '\0' ? HD_OK : hd__fail(ctx, HD_IO, "the name of a file is empty");
}

hd_status hd__file_read(hd_ctx *ctx, const char *path, size_t limit, char **data, size_t *size) {
  HD_TRY(hd__path_check(ctx, path));
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return hd__fail(ctx, HD_IO, "%s cannot be opened: %s", path, strerror(errno));
  }
  const hd_status status = file_read_open(ctx, path, fd, limit, data, size);
  close(fd);
  return status;
}

hd_status hd__replace_begin(hd_ctx *ctx, const char *path, hd__replace *replace) {
  struct stat info;
  HD_TRY(hd__path_check(ctx, path));
  if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
    return hd__fail(ctx, HD_IO, "%s is there and is not a regular file", path);
  }
  const int n = snprintf(replace->path, HD_PATH_SIZE, "%s", path);
  const int m = snprintf(replace->temporary, HD_PATH_SIZE, "%s.tmp", path);
  if (n >= HD_PATH_SIZE || m >= HD_PATH_SIZE) {
    return hd__fail(ctx, HD_IO, "the path %.40s... is longer than %d characters", path,
                    HD_PATH_SIZE - 5);
  }
  const int fd = open(replace->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    return hd__fail(ctx, HD_IO, "%s cannot be written: %s", path, strerror(errno));
  }
  hd__sink_init(&replace->sink, fd);
  return HD_OK;
}

/* Make a rename in the folder of `path` last. A file system that cannot is no failure. */
static void file_flush_folder(const char *path) {
  char folder[HD_PATH_SIZE];
  snprintf(folder, sizeof folder, "%s", path);
  char *slash = strrchr(folder, '/');
  if (slash == NULL) {
    snprintf(folder, sizeof folder, ".");
  } else {
    slash[slash == folder] = '\0';
  }
  const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) {
    fsync(fd);
    close(fd);
  }
}

hd_status hd__replace_end(hd_ctx *ctx, hd__replace *replace) {
  hd__sink *sink = &replace->sink;
  hd__sink_flush(sink);
  int error = sink->error;
  if (error == 0 && fsync(sink->fd) != 0) {
    error = errno;
  }
  if (close(sink->fd) != 0 && error == 0) {
    error = errno;
  }
  if (error == 0 && rename(replace->temporary, replace->path) != 0) {
    error = errno;
  }
  if (error != 0) {
    unlink(replace->temporary);
    return hd__fail(ctx, HD_IO, "%s could not be written: %s; what was there before is untouched",
                    replace->path, strerror(error));
  }
  file_flush_folder(replace->path);
  return HD_OK;
}
