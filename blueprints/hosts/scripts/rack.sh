#!/bin/sh
set -e
row=$(ctx instance index)
ctx instance runtime-properties row "@$row"
ctx logger info "rack $row is wired"
