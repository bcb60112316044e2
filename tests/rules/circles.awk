# Reads src/ROOMS, then public headers (include/hedon/NAME), then every .c file of src twice. Prints
#   - files of one room that use each other, directly or round others: a file uses another if it
#     names a function or table that the other defines;
#   - public headers whose functions are not defined in the rooms that src/ROOMS names.
# Exceptions of src/ROOMS that no longer exist are printed, too, so that they leave the list.
function room_of(path,  part) { split(path, part, "/"); return part[2] }
function file_of(path) { sub(/.*\//, "", path); return path }
# Text without comments and strings; a comment may go on over lines.
function code(line,  at) {
  gsub(/"([^"\\]|\\.)*"/, "", line)
  if (in_comment) { if (!(at = index(line, "*/"))) return ""; line = substr(line, at + 2); in_comment = 0 }
  while (at = index(line, "/*")) {
    rest = substr(line, at + 2); line = substr(line, 1, at - 1)
    if (!index(rest, "*/")) { in_comment = 1; break }
    line = line substr(rest, index(rest, "*/") + 2)
  }
  return line
}
FNR == 1 { in_comment = 0; if (FILENAME in times) times[FILENAME] = 2; else times[FILENAME] = 1 }
FILENAME == "src/ROOMS" && $1 == "header" {
  listed[$2] = 1
  for (i = 3; i <= NF; i++) wanted[$2, $i] = 1
}
FILENAME == "src/ROOMS" && $1 == "circle" {
  n_circles++
  for (i = 2; i <= NF; i++) for (j = 2; j <= NF; j++) excused[$i, $j] = n_circles
  circle_line[n_circles] = $0
}
FILENAME == "src/ROOMS" { next }

# What a public header declares: the first hd_ name before a parenthesis after HD_API.
FILENAME ~ /^include/ {
  line = code($0)
  if (line ~ /^HD_API/) declares = 1
  if (declares && match(line, /hd_[a-z0-9_]+[ ]*\(/)) {
    name = substr(line, RSTART, RLENGTH); sub(/[ ]*\($/, "", name)
    declared[name] = file_of(FILENAME); declares = 0
  }
  next
}

# First time: what is defined, at the start of a line.
times[FILENAME] == 1 {
  line = code($0)
  if (line ~ /^[A-Za-z]/ && line !~ /^(static|typedef|extern|return)/ && line !~ /;[ \t]*$/) {
    head = line; sub(/=.*/, "=", head)
    if (match(head, /hd__?[a-z0-9_]+[ ]*(\(|\[|=)/)) {
      name = substr(head, RSTART, RLENGTH); sub(/[ ]*(\(|\[|=)$/, "", name)
      owner[name] = FILENAME
    }
  }
  files[FILENAME] = 1
  next
}

# Second time: what is named.
{
  line = code($0)
  while (match(line, /hd__?[a-z0-9_]+/)) {
    name = substr(line, RSTART, RLENGTH); line = substr(line, RSTART + RLENGTH)
    if ((name in owner) && owner[name] != FILENAME && room_of(owner[name]) == room_of(FILENAME)) {
      by[FILENAME, owner[name]] = name; reach[FILENAME, owner[name]] = 1
    }
  }
}

END {
  for (k in files) for (i in files) if ((i, k) in reach) for (j in files)
    if ((k, j) in reach) reach[i, j] = 1
  for (pair in by) {
    split(pair, f, SUBSEP)
    if (!((f[2], f[1]) in reach)) continue
    c = excused[file_of(f[1]), file_of(f[2])]
    if (c) seen[c] = 1
    else print f[1] ": uses " f[2] " (" by[pair] "), which uses it in turn: a circle of files"
  }
  for (c = 1; c <= n_circles; c++)
    if (!(c in seen)) print "src/ROOMS: no such circle any more: " circle_line[c]

  for (name in declared) {
    header = declared[name]
    if (!(name in owner)) { print "include/hedon/" header ": nothing defines " name; continue }
    found[header, room_of(owner[name])] = owner[name] ": defines " name " of hedon/" header
  }
  for (pair in found)
    if (!(pair in wanted)) print found[pair] ", which src/ROOMS does not give to this room"
  for (pair in wanted) if (!(pair in found)) {
    split(pair, w, SUBSEP)
    print "src/ROOMS: nothing in src/" w[2] " defines what hedon/" w[1] " declares"
  }
}
