#!/bin/sh
set -e
ctx instance runtime-properties logged_in @false
ctx logger info "logged out of $(ctx node properties address)"
