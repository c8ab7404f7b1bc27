#!/bin/sh
grep -v 'uart:unknown' /proc/tty/driver/serial 2>/dev/null || echo 'no serial ports'
