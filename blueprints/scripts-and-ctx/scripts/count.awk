BEGIN {
  for (i = 1; i <= 3; i++) print "awk counts " i
  exit 0
}
