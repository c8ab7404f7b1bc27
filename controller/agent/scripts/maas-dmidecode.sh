#!/bin/sh
exec /usr/sbin/dmidecode
