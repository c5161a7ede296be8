#!/bin/sh
# `ctx` is how a script talks to cfy-run: here it logs a line and remembers that it has been here.
set -e
ctx logger info "Hello, $(ctx node name)!"
ctx instance runtime-properties greeted true
