#!/bin/sh
echo "looking for the disk"
printf 'no disk \033[31mfound\n' >&2
exit 3
