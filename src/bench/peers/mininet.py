"""mininet.py VIFS OUTPUT: has Mininet limit the bandwidth of vif0, vif1, ..., which exist, and writes the seconds to a file.

The vifs are Mininet's own interfaces to it, of a node that is this very namespace; what making and moving them would
take is not measured.
"""
import sys
import time

from mininet.link import TCIntf
from mininet.log import setLogLevel
from mininet.node import Node


class Here(Node):
    def addIntf(self, intf, port=None, moveIntfFn=None):
        super().addIntf(intf, port, moveIntfFn=lambda intf, node: None)


setLogLevel('error')
node = Here('here', inNamespace=False)
interfaces = [TCIntf('vif%d' % n, node=node) for n in range(int(sys.argv[1]))]
begun = time.monotonic()
for n, interface in enumerate(interfaces):
    interface.config(bw=10 + n % 90, use_tbf=True)
with open(sys.argv[2], 'w') as output:
    output.write(str(time.monotonic() - begun))
node.terminate()
