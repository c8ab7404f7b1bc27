#!/bin/sh
exec /usr/bin/lscpu -J
