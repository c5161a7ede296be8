#!/bin/sh
set -e
ctx logger info "the server listens on port $port"
