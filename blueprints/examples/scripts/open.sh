#!/bin/sh
set -e
if [ "$license" != valid ]; then
  echo "no license" >&2
  exit 1
fi
ctx logger info "site is open"
