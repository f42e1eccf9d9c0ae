# Sends frames as they are: send-frame.pl IFINDEX HEX …
use strict;
use warnings;
my ($ifindex, @frames) = @ARGV;
# packet(7): AF_PACKET, SOCK_RAW, ETH_P_ALL.
socket(my $socket, 17, 3, unpack('S', pack('n', 3))) or die "socket: $!";
my $to = pack('SnlSCCa8', 17, 3, $ifindex, 0, 0, 6, '');
send($socket, pack('H*', $_), 0, $to) or die "send: $!" for @frames;
