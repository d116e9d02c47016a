/*
 * A disk that keeps only what was synced. Preloaded into a process, it writes down, after each successful fsync or
 * fdatasync of a database file, what was written to that file since the last one. Whoever kills the process can make the
 * files again as a disk would hold them after a power cut.
 *
 * DISK_FILE names the database; it and its "-wal" are watched. DISK_JOURNAL names where to write. DISK_MICROSECONDS, if it is
 * set, is how much longer a sync takes than that of the disk beneath. While there is a file named DISK_BROKEN, syncs fail.
 * The journal is a row of records in this machine's byte order, each {kind, file, offset, length} and length bytes:
 *   'w' bytes of the file from the offset on; 't' the file ends at the offset; 'n' the name of a new file is in the
 *   directory, which takes a sync of its own; 'u' the file is removed; 's' what came since the last 's' is on the disk.
 * A record without an 's' behind it does not count, so that a kill in the middle of a sync leaves the state before it.
 * A removal is on the disk at once, the worst that can be.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { files = 2, descriptors = 65536 };

struct record {
  uint32_t kind, file;
  uint64_t offset, length;
};

/* What was done to a file since its last sync: ranges written, or where it was cut off. */
struct change {
  uint32_t kind;
  uint64_t offset, length;
};

static struct {
  char path[4096];
  struct change *changes;
  size_t count, room;
} watched[files];

static int journal = -1;
static unsigned int microseconds;
static const char *broken;
static signed char file_of[descriptors]; /* 1 and up: a watched file; -1: the directory. */
static char directory[4096];
static int new_name[files];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void fail(const char *what) {
  perror(what);
  abort();
}

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("DISK_FILE"), *to = getenv("DISK_JOURNAL"), *slower = getenv("DISK_MICROSECONDS");
  if (slower) microseconds = strtoul(slower, NULL, 10);
  broken = getenv("DISK_BROKEN");
  if (!file || !to) return;
  snprintf(watched[0].path, sizeof watched[0].path, "%s", file);
  snprintf(watched[1].path, sizeof watched[1].path, "%s-wal", file);
  snprintf(directory, sizeof directory, "%s", file);
  char *slash = strrchr(directory, '/');
  if (slash) *slash = 0;
  journal = syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (journal < 0) fail("the journal of the disk");
}

static void note(int file, uint32_t kind, uint64_t offset, uint64_t length) {
  pthread_mutex_lock(&lock);
  struct change *last = watched[file].count ? &watched[file].changes[watched[file].count - 1] : NULL;
  if (last && kind == 'w' && last->kind == 'w' && last->offset + last->length == offset) {
    last->length += length;
  } else {
    if (watched[file].count == watched[file].room) {
      watched[file].room = watched[file].room ? watched[file].room * 2 : 64;
      watched[file].changes = realloc(watched[file].changes, watched[file].room * sizeof(struct change));
      if (!watched[file].changes) fail("memory");
    }
    watched[file].changes[watched[file].count++] = (struct change){kind, offset, length};
  }
  pthread_mutex_unlock(&lock);
}

static void put(const void *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t count = syscall(SYS_write, journal, (const char *)bytes + done, length - done);
    if (count < 0) fail("the journal of the disk");
    done += count;
  }
}

static void put_record(uint32_t kind, uint32_t file, uint64_t offset, uint64_t length) {
  struct record record = {kind, file, offset, length};
  put(&record, sizeof record);
}

/* What the file holds now, where it was written to. What lies behind its end was cut off since. */
static void put_range(int fd, int file, uint64_t offset, uint64_t length) {
  char *bytes = malloc(length);
  if (!bytes) fail("memory");
  ssize_t count = pread(fd, bytes, length, offset);
  if (count < 0) fail("the database");
  put_record('w', file, offset, count);
  put(bytes, count);
  free(bytes);
}

static void synced(int fd) {
  if (fd < 0 || fd >= descriptors || journal < 0 || !file_of[fd]) return;
  pthread_mutex_lock(&lock);
  if (file_of[fd] < 0) {
    for (int file = 0; file < files; file++) {
      if (new_name[file]) put_record('n', file, 0, 0);
      new_name[file] = 0;
    }
  } else {
    int file = file_of[fd] - 1;
    for (size_t index = 0; index < watched[file].count; index++) {
      struct change change = watched[file].changes[index];
      if (change.kind == 'w') put_range(fd, file, change.offset, change.length);
      else put_record(change.kind, file, change.offset, 0);
    }
    watched[file].count = 0;
  }
  put_record('s', 0, 0, 0);
  pthread_mutex_unlock(&lock);
}

static void opened(int fd, const char *path, int flags, int existed) {
  if (fd < 0 || fd >= descriptors || journal < 0) return;
  file_of[fd] = strcmp(path, directory) == 0 ? -1 : 0;
  for (int file = 0; file < files; file++) {
    if (strcmp(path, watched[file].path)) continue;
    file_of[fd] = file + 1;
    if ((flags & O_CREAT) && !existed) new_name[file] = 1;
    if ((flags & O_TRUNC) && existed) note(file, 't', 0, 0);
  }
}

static int open_any(const char *path, int flags, mode_t mode) {
  int existed = journal >= 0 && access(path, F_OK) == 0;
  int fd = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  if (fd >= 0) opened(fd, path, flags, existed);
  return fd;
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_any(path, flags | O_LARGEFILE, mode);
}

int close(int fd) {
  if (fd >= 0 && fd < descriptors) file_of[fd] = 0;
  return syscall(SYS_close, fd);
}

static void wrote(int fd, ssize_t count, off64_t offset) {
  if (count > 0 && fd >= 0 && fd < descriptors && file_of[fd] > 0) note(file_of[fd] - 1, 'w', offset, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  ssize_t count = syscall(SYS_pwrite64, fd, bytes, length, offset);
  wrote(fd, count, offset);
  return count;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return pwrite64(fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  off64_t offset = fd >= 0 && fd < descriptors && file_of[fd] > 0 ? lseek64(fd, 0, SEEK_CUR) : 0;
  ssize_t count = syscall(SYS_write, fd, bytes, length);
  wrote(fd, count, offset);
  return count;
}

int ftruncate64(int fd, off64_t length) {
  int failed = syscall(SYS_ftruncate, fd, length);
  if (!failed && fd >= 0 && fd < descriptors && file_of[fd] > 0) note(file_of[fd] - 1, 't', length, 0);
  return failed;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int unlink(const char *path) {
  int failed = syscall(SYS_unlink, path);
  for (int file = 0; !failed && journal >= 0 && file < files; file++) {
    if (strcmp(path, watched[file].path)) continue;
    pthread_mutex_lock(&lock);
    new_name[file] = 0;
    watched[file].count = 0;
    put_record('u', file, 0, 0);
    put_record('s', 0, 0, 0);
    pthread_mutex_unlock(&lock);
  }
  return failed;
}

static int sync_by(int call, int fd) {
  if (microseconds) usleep(microseconds);
  if (broken && access(broken, F_OK) == 0) {
    errno = EIO;
    return -1;
  }
  int failed = syscall(call, fd);
  if (!failed) synced(fd);
  return failed;
}

int fsync(int fd) { return sync_by(SYS_fsync, fd); }

int fdatasync(int fd) { return sync_by(SYS_fdatasync, fd); }
