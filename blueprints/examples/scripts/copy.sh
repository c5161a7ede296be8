#!/bin/sh
set -e
ctx logger info "copied"
ctx returns @1024
