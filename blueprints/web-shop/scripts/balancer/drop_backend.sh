#!/bin/sh
set -e
shop=$(ctx target instance id)
ctx source instance runtime-properties "backend_$shop" @null
ctx logger info "backend $shop is out"
