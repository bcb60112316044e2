#include "network_file_system.h"

#include <stddef.h>

#ifdef __linux__
#include <sys/vfs.h>
#elif defined(__APPLE__) || defined(__FreeBSD__)
#include <sys/mount.h>
#include <sys/param.h>
#endif

/* statfs(2), and the sources of the file systems that it does not list. */
static const uint32_t magics[] = {
    0x00006969, /* NFS */
    0x0000517b, /* SMB */
    0xff534d42, /* CIFS */
    0xfe534d42, /* SMB 2 */
    0x65735546, /* FUSE: sshfs and others */
    0x0bd00bd0, /* Lustre */
    0x00c36400, /* Ceph */
    0x5346414f, /* AFS */
    0x6b414653, /* AFS of the kernel */
    0x01021997, /* 9p */
    0x47504653, /* GPFS */
    0x19830326, /* BeeGFS */
    0xaad7aaea, /* PanFS */
    0x01161970, /* GFS2 */
    0x7461636f, /* OCFS2 */
};

bool network_file_system_is(uint32_t magic) {
  for (size_t k = 0; k < sizeof magics / sizeof *magics; k++) {
    if (magics[k] == magic) {
      return true;
    }
  }
  return false;
}

bool network_file_system_has(const char *folder) {
#ifdef __linux__
  struct statfs found;
  return statfs(folder, &found) == 0 && network_file_system_is((uint32_t)found.f_type);
#elif defined(__APPLE__) || defined(__FreeBSD__)
  struct statfs found;
  return statfs(folder, &found) == 0 && (found.f_flags & MNT_LOCAL) == 0;
#else
  (void)folder;
  return false;
#endif
}
