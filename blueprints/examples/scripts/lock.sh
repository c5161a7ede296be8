#!/bin/sh
set -e
ctx instance runtime-properties is_locked @true
