#!/bin/sh
set -e
ctx instance runtime-properties robots "$robots"
ctx logger info "site $(ctx node properties name) ($(ctx node properties plan)) on port $(ctx node properties port)"
ctx logger info "aliases are $(ctx -j node properties aliases), pages are sent with $cache"
ctx logger info "paths like $blocked are not served"
