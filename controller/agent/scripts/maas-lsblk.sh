#!/bin/sh
exec /usr/bin/lsblk --json --bytes --output NAME,KNAME,TYPE,SIZE,MODEL,SERIAL,WWN,ROTA,RO,RM,LOG-SEC,PHY-SEC,TRAN,PATH
