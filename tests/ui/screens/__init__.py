"""Every page and every question in both themes, both languages and three sizes: pictures, and what is wrong with them."""
