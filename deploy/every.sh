#!/bin/sh
# every.sh SECONDES COMMANDE : la redit sans fin, quoi qu’elle réponde. Arrêté, il la laisse finir puis sort aussitôt.
trap 'exit 0' TERM INT
while true; do
    sh -c "$2"
    sleep "$1" &
    wait $!
done
