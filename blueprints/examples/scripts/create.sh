#!/bin/sh
set -e
ctx logger info "site is there"
