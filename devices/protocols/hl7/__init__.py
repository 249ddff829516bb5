"""HL7 v2 monitors: Mindray, Comen, Edan, Mindray PDS and Philips Efficia."""
