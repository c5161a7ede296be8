#!/bin/sh
set -e
schema=$(ctx node properties schema)
ctx instance runtime-properties schema "$schema"
ctx logger info "schema $schema is there"
