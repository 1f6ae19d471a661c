/** The information point inside the container: the verifier of the policy in force. */
package io.countersign.identity.boundary;
