#!/bin/sh
echo "the broom is gone" >&2
exit 1
