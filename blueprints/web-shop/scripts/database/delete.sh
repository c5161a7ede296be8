#!/bin/sh
set -e
ctx logger info "schema $(ctx node properties schema) is gone"
