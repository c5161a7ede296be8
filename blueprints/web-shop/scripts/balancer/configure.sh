#!/bin/sh
set -e
ctx instance runtime-properties backends '@{}'
ctx logger info "listening on port $(ctx node properties port)"
