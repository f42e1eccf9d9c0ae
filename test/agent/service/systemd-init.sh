#!/bin/sh
# systemd as the first process of its own namespaces, with no units but those it needs to start others. What it would
# change outside of them is closed to it. The argument is a control group (cgroup v2) for it alone.
set -eu
if [ $# = 1 ]; then
  echo $$ >"$1/cgroup.procs"
  exec unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup \
    setpriv --bounding-set=-sys_boot,-sys_time,-sys_module "$0"
fi
mount -t proc proc /proc
for directory in fs kernel vm; do
  mount --bind /proc/sys/$directory /proc/sys/$directory
  mount -o remount,bind,ro /proc/sys/$directory
done
mount -t cgroup2 cgroup2 /sys/fs/cgroup
units=/usr/lib/systemd/system
for directory in /run /var/lib /var/log /etc/systemd /usr/lib/systemd/system-generators; do
  mount -t tmpfs tmpfs $directory
done
modprobe=$(cat $units/modprobe@.service)
mount -t tmpfs tmpfs $units
mkdir /etc/systemd/system
for target in sysinit basic network-online shutdown; do
  printf '[Unit]\nDescription=%s\nDefaultDependencies=no\n' $target >$units/$target.target
done
printf '[Unit]\nDescription=all\nRequires=basic.target\nAfter=basic.target\n' >$units/multi-user.target
printf '%s\n' "$modprobe" >$units/modprobe@.service
mount --bind /dev/null /dev/console
ip link set lo up
# As on a machine that systemd has booted.
mount --make-rshared /
exec env -i container=other "PATH=$PATH" /lib/systemd/systemd --system --unit=multi-user.target \
  --log-target=null --show-status=no
