#!/bin/sh
# The token is used, and neither logged nor kept.
set -e
if [ -z "$token" ]; then
  ctx abort-operation "the token is empty"
fi
ctx instance runtime-properties logged_in @true
ctx logger info "logged in at $(ctx node properties address) with a token of ${#token} characters"
