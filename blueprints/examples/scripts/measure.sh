#!/bin/sh
# The result of the operation, which the workflow's handler reads. `@` makes it a number.
set -e
ctx returns @42
