#!/bin/sh
set -e
ip="10.2.$row.$(ctx instance index)"
ctx instance runtime-properties ip "$ip"
ctx logger info "host $ip is in row $row"
