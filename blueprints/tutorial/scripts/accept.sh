#!/bin/sh
# Operation `establish`, on the side of the instance that is used.
set -e
ctx logger info "$(ctx target instance id) now serves $(ctx source instance id)"
