#include "elf_file.h"

#ifdef __ELF__
#include <link.h>
#include <string.h>

typedef ElfW(Ehdr) elf_header;
typedef ElfW(Phdr) elf_segment;

/* Does the i-th segment lie within the file? */
static bool elf_file_has_segment(FILE *file, const elf_header *header, int i, long size) {
  elf_segment segment;
  const long at = (long)header->e_phoff + i * (long)header->e_phentsize;
  return fseek(file, at, SEEK_SET) == 0 && fread(&segment, sizeof segment, 1, file) == 1 &&
         segment.p_filesz <= (unsigned long)size &&
         segment.p_offset <= (unsigned long)size - segment.p_filesz;
}

bool hd__elf_is_whole(FILE *file) {
  elf_header header;
  if (fseek(file, 0, SEEK_END) != 0) {
    return false;
  }
  const long size = ftell(file);
  rewind(file);
  if (fread(&header, sizeof header, 1, file) != 1 || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    return true;
  }
  for (int i = 0; i < header.e_phnum; i++) {
    if (!elf_file_has_segment(file, &header, i, size)) {
      return false;
    }
  }
  return true;
}
#else
bool hd__elf_is_whole(FILE *file) {
  (void)file;
  return true;
}
#endif
