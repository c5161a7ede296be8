#!/bin/sh
set -e
ctx instance runtime-properties last_backup "$kind"
ctx logger info "backup of $(ctx node name): $kind"
ctx returns "$kind"
