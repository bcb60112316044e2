/* What the library asks of the system beyond C11 and POSIX threads: files and shared libraries, by
 * POSIX's names. On Windows these names stand for the calls of system_windows.c. */
#ifndef HD_SYSTEM_H
#define HD_SYSTEM_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef _WIN32

#include <direct.h>
#include <io.h>
#include <limits.h>

enum { LOCK_EX = 2, LOCK_NB = 4, RTLD_NOW = 2, RTLD_LOCAL = 0 };
#define O_CLOEXEC (_O_BINARY | _O_NOINHERIT) /* bytes as they are, like everywhere else */
#define O_DIRECTORY 0
#define fsync(fd) _commit(fd)
#define fdatasync(fd) _commit(fd)
#define mkdir(path, mode) _mkdir(path)
#define realpath(path, full) _fullpath(full, path, PATH_MAX)
#define pread(fd, data, size, offset) hd__windows_read_at(fd, data, size, offset)
#define rename(from, to) hd__windows_rename(from, to)
#define flock(fd, operation) hd__windows_lock(fd)
#define dlopen(path, flags) hd__windows_library(path)
#define dlsym(library, name) hd__windows_symbol(library, name)
#define dlclose(library) hd__windows_unload(library)
#define dlerror() "it could not be loaded"

ssize_t hd__windows_read_at(int fd, void *data, size_t size, off_t offset);
int hd__windows_rename(const char *from, const char *to); /* over what is there */
int hd__windows_lock(int fd); /* for this process alone, or fails at once */
void *hd__windows_library(const char *path);
void *hd__windows_symbol(void *library, const char *name);
void hd__windows_unload(void *library);

#else

#include <dlfcn.h>
#include <sys/file.h>

#ifdef __APPLE__ /* declares no fdatasync */
#define fdatasync fsync
#endif

#endif
#endif
