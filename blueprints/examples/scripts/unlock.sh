#!/bin/sh
# Also of what is not locked: a cleanup does not know how far things came.
set -e
ctx instance runtime-properties is_locked @false
