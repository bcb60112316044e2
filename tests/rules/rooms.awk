# Reads src/ROOMS and then sources (src/ROOM/FILE). Prints every include of a room that the list does
# not allow, and what is wrong with the list itself.
function room_of(path,  part) { split(path, part, "/"); return part[2] }
BEGIN {
  for (i = 2; i < ARGC; i++) {
    name = ARGV[i]; sub(/.*\//, "", name); home[name] = room_of(ARGV[i]); has_files[home[name]] = 1
  }
}
FILENAME == "src/ROOMS" && $1 == "room" {
  may[$2, $2] = known[$2] = 1
  for (i = 3; i <= NF; i++) {
    if (!($i in known)) print "src/ROOMS:" FNR ": " $2 " uses " $i ", which does not stand above it"
    may[$2, $i] = 1
  }
  if (!($2 in has_files)) print "src/ROOMS:" FNR ": there are no files in src/" $2
}
FILENAME == "src/ROOMS" { next }
FNR == 1 && !(room_of(FILENAME) in known) { print FILENAME ": src/ROOMS does not list this room" }
/^[ \t]*#[ \t]*include[ \t]*"/ {
  split($0, quoted, "\"")
  if (quoted[2] ~ /^hedon\//) next
  if (!(quoted[2] in home)) print FILENAME ":" FNR ": includes unknown " quoted[2]
  else if (!((room_of(FILENAME), home[quoted[2]]) in may))
    print FILENAME ":" FNR ": " room_of(FILENAME) " may not use " home[quoted[2]] " (" quoted[2] ")"
}
