#!/bin/sh
set -e
ctx instance runtime-properties configured @true
ctx logger info "listening on port $(ctx node properties port)"
